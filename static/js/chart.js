// The interactive chart, fetched only when someone asks for it; it takes the place of the server's own drawing, and gives it back.
// Without this file the page says the same: sentence, drawing, table, CSV. All its words are in the page.
"use strict";

(() => {
  const { plotly, locale } = document.currentScript.dataset;
  const CONFIG = {
    locale: document.documentElement.lang,
    responsive: true,
    displayModeBar: false,
    displaylogo: false,
    showSendToCloud: false, // Plotly's own button would send the figure to its maker
    plotlyServerURL: "",
  };
  const AXIS = { fixedrange: true, automargin: true, gridcolor: "#e6e9ec", zeroline: false };
  const LAYOUT = {
    separators: document.documentElement.lang === "fr" ? ", " : ".,",
    margin: { l: 8, r: 8, t: 8, b: 32 },
    font: { family: "system-ui, sans-serif", size: 13, color: "#16202e" },
    showlegend: false, // the page's legend says it, in words
    dragmode: false,
  };

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error(address));
      document.head.append(script);
    });

  const layout = ({ xaxis, yaxis, ...rest }) => ({
    ...LAYOUT,
    ...rest,
    xaxis: { ...AXIS, ...xaxis },
    yaxis: { ...AXIS, ...yaxis },
  });

  // Each item of the legend becomes a button that shows or hides its own trace, with a mouse or a keyboard.
  const toggles = (legend, drawing, traces) => {
    const own = traces.map((trace, index) => [trace, index]).filter(([trace]) => trace.showlegend !== false);
    const items = [...(legend?.children ?? [])];
    if (own.length < 2 || own.length !== items.length) return;
    items.forEach((item, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.append(...item.childNodes);
      button.addEventListener("click", () => {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        window.Plotly.restyle(drawing, { visible: shown }, [own[place][1]]);
      });
      item.append(button);
    });
  };

  const plain = (legend) => {
    for (const button of legend?.querySelectorAll("button") ?? []) button.replaceWith(...button.childNodes);
  };

  const draw = async (place, legend) => {
    const answer = await fetch(place.dataset.chart);
    if (!answer.ok) throw new Error(String(answer.status));
    const figure = await answer.json();
    if (!window.Plotly) {
      await load(plotly);
      if (locale) await load(locale);
    }
    const drawing = document.createElement("div");
    drawing.setAttribute("aria-hidden", "true"); // the table says it to those who cannot see it
    await window.Plotly.newPlot(drawing, figure.traces, layout(figure.layout), CONFIG);
    const before = [...place.childNodes];
    place.replaceChildren(drawing);
    window.Plotly.Plots.resize(drawing);
    toggles(legend, drawing, figure.traces);
    return () => {
      window.Plotly.purge(drawing);
      plain(legend);
      place.replaceChildren(...before);
    };
  };

  for (const button of document.querySelectorAll("[data-draw]")) {
    const figure = button.closest("figure");
    const place = figure.querySelector("[data-chart]");
    const legend = figure.querySelector(".legend");
    const asks = button.textContent;
    let back = null;
    button.closest(".js").hidden = false;
    button.addEventListener("click", async () => {
      if (back) {
        back();
        back = null;
        button.textContent = asks;
        return;
      }
      button.disabled = true;
      button.textContent = button.dataset.waiting;
      try {
        back = await draw(place, legend);
        button.textContent = button.dataset.back;
      } catch {
        button.textContent = button.dataset.again;
      }
      button.disabled = false;
      button.focus(); // a button that was disabled has lost it
    });
  }
})();

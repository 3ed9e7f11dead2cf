// The interactive chart, fetched only when someone asks for it; it takes the place of the server's bars.
// Without this file the page says the same: sentence, bars, table, CSV.
"use strict";

(() => {
  const CONFIG = {
    locale: "fr",
    responsive: true,
    displayModeBar: false,
    displaylogo: false,
    showSendToCloud: false, // Plotly's own button would send the figure to its maker
    plotlyServerURL: "",
  };

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error(address));
      document.head.append(script);
    });

  const layout = (count) => ({
    barmode: "stack",
    separators: ", ",
    height: 90 + 24 * count,
    margin: { l: 8, r: 8, t: 8, b: 32 },
    font: { family: "system-ui, sans-serif", size: 13, color: "#16202e" },
    xaxis: { tickformat: "d", nticks: 8, fixedrange: true, title: { text: "promesses" } },
    yaxis: { autorange: "reversed", automargin: true, fixedrange: true },
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", traceorder: "normal" },
  });

  const draw = async (place, button) => {
    button.disabled = true;
    button.textContent = "Chargement…";
    try {
      const answer = await fetch(place.dataset.chart);
      if (!answer.ok) throw new Error(String(answer.status));
      const figure = await answer.json();
      if (!window.Plotly) {
        await load(place.dataset.plotly);
        await load(place.dataset.locale);
      }
      const drawing = document.createElement("div");
      drawing.setAttribute("aria-hidden", "true"); // the table says it to those who cannot see it
      await window.Plotly.newPlot(drawing, figure.traces, layout(figure.traces[0].y.length), CONFIG);
      place.replaceChildren(drawing);
      window.Plotly.Plots.resize(drawing);
      button.closest(".js").hidden = true;
    } catch {
      button.disabled = false;
      button.textContent = "Le graphique n’a pas pu être chargé : réessayer";
    }
  };

  for (const button of document.querySelectorAll("[data-draw]")) {
    const place = button.closest("figure").querySelector("[data-chart]");
    button.closest(".js").hidden = false;
    button.addEventListener("click", () => draw(place, button));
  }
})();

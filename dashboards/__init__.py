"""What it amounts to: pages, figures, files and the public API. Reads only, holds no rule."""

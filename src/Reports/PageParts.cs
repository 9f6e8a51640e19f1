namespace AdaConv.Reports;

/// <summary>Style and script of every page.</summary>
internal static class PageParts
{
    /// <summary>Pairs without a slider: on paper, and where no script runs.</summary>
    public const string SideBySide = """
          .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; }
          .pair img { width: 100%; order: 2; }
          .pair img.before { position: static; clip-path: none; height: auto; order: 1; }
          .pair .line, .pair input { display: none; }
          .tag.right { right: auto; left: calc(50% + .5rem); }
        """;

    public const string Style = $$$"""
        :root { color-scheme: light dark; --ink: #1c2024; --soft: #5c6670; --paper: #ffffff; --panel: #f4f6f8; --line: #d9dee3; --accent: #0072b2; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e9ec; --soft: #9aa5b0; --paper: #15181b; --panel: #1e2327; --line: #333a41; --accent: #56b4e9; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
        h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
        p { max-width: 48rem; margin: .6rem 0; }
        .scroll { overflow-x: auto; margin: 1rem 0; }
        table { border-collapse: collapse; font-size: .92rem; }
        th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        th { color: var(--soft); font-weight: 600; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        figure { margin: 1rem 0; }
        figcaption { color: var(--soft); font-size: .88rem; margin-top: .35rem; }
        img { display: block; max-width: 100%; height: auto; }
        img.plain { background: #fff; border: 1px solid var(--line); border-radius: 6px; }
        .choice { position: sticky; top: 0; z-index: 2; padding: .5rem 0; margin: 0; max-width: none; background: var(--paper); }
        select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .2rem .5rem; }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(34rem, 100%), 1fr)); gap: .5rem 1.25rem; align-items: start; }
        .pair { --at: 50%; position: relative; overflow: hidden; border-radius: 6px; background: var(--panel); }
        .pair img { width: 100%; max-width: none; }
        .pair img.before { display: none; position: absolute; inset: 0; height: 100%; clip-path: inset(0 calc(100% - var(--at)) 0 0); }
        .pair img.shown { display: block; }
        .pair .line { position: absolute; top: 0; bottom: 0; left: var(--at); width: 2px; margin-left: -1px; background: #fff; box-shadow: 0 0 3px #000; }
        .pair input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; }
        .pair:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
        .tag { position: absolute; top: .5rem; padding: .05rem .5rem; border-radius: 4px; background: rgb(0 0 0 / .65); color: #fff; font-size: .78rem; }
        .tag.left { left: .5rem; } .tag.right { right: .5rem; }
        @media print {
          main { max-width: none; padding: 0; }
          h2 { break-after: avoid; }
          figure, tr { break-inside: avoid; }
          .choice { display: none; }
        {{{SideBySide}}}
        }
        """;

    public const string Script = """
        document.addEventListener('input', event => {
          const pair = event.target.closest('.pair');
          if (pair) pair.style.setProperty('--at', event.target.value + '%');
        });
        document.addEventListener('change', event => {
          if (event.target.tagName !== 'SELECT') return;
          for (const pair of event.target.closest('.group').querySelectorAll('.pair')) {
            const images = [...pair.querySelectorAll('.before')];
            const chosen = images.find(image => image.alt === event.target.value);
            if (!chosen) continue;
            for (const image of images) image.classList.toggle('shown', image === chosen);
            pair.querySelector('.tag.left').textContent = chosen.alt;
          }
        });
        """;
}

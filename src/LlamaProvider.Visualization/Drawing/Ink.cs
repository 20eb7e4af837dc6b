namespace LlamaProvider.Visualization.Drawing;

/// <summary>What a color means. Each theme has its own value.</summary>
internal enum Ink
{
    Text,
    Muted,
    Grid,
    Kept,
    Removed,
    Chosen,
    Rejected,
    Surface,
}

internal static class InkPalette
{
    /// <summary>The color as an SVG attribute: of text the page's, else a variable.</summary>
    public static string Reference(Ink ink) => ink == Ink.Text ? "currentColor" : $"var(--figure-{Name(ink)})";

    /// <summary>The color in a theme, as #rrggbb.</summary>
    public static string Value(Ink ink, FigureTheme theme) => (ink, theme) switch
    {
        (Ink.Text, FigureTheme.Light) => "#1b1f24",
        (Ink.Text, _) => "#e6e8eb",
        (Ink.Muted, FigureTheme.Light) => "#57606a",
        (Ink.Muted, _) => "#9da7b1",
        (Ink.Grid, FigureTheme.Light) => "#d8dee4",
        (Ink.Grid, _) => "#373e47",
        (Ink.Kept, FigureTheme.Light) => "#1f6fb2",
        (Ink.Kept, _) => "#58a6e6",
        (Ink.Removed, FigureTheme.Light) => "#9aa4af",
        (Ink.Removed, _) => "#6b7580",
        (Ink.Chosen, FigureTheme.Light) => "#1a7f37",
        (Ink.Chosen, _) => "#4bc26a",
        (Ink.Rejected, FigureTheme.Light) => "#c0392b",
        (Ink.Rejected, _) => "#f0776a",
        (_, FigureTheme.Light) => "#ffffff",
        (_, _) => "#0f1317",
    };

    /// <summary>The variables of both themes, for the figure's element alone.</summary>
    public static string Style { get; } =
        $".llama-figure{{color-scheme:light dark;font-family:system-ui,sans-serif;{Variables(FigureTheme.Light)}}}"
        + $"@media (prefers-color-scheme:dark){{.llama-figure{{{Variables(FigureTheme.Dark)}}}}}";

    private static string Variables(FigureTheme theme) =>
        string.Concat(Enum.GetValues<Ink>().Where(ink => ink != Ink.Text).Select(ink => $"--figure-{Name(ink)}:{Value(ink, theme)};"));

    private static string Name(Ink ink) => ink.ToString().ToLowerInvariant();
}

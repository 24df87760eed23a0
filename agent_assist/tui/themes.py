"""The high-contrast theme, in addition to those of Textual: black ground and pure colours."""

from textual.theme import BUILTIN_THEMES, Theme

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#00ffff",
    secondary="#ffffff",
    accent="#00ffff",
    warning="#ffff00",
    error="#ff8080",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        "text-muted": "#ffffff",
        "text-disabled": "#c0c0c0",
        "border": "#ffffff",
        "border-blurred": "#ffffff",
        "input-selection-background": "#0000ff",
        "footer-key-foreground": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#00ffff",
        "block-cursor-blurred-foreground": "#000000",
        "block-cursor-blurred-background": "#00ffff",
    },
)

DEFAULT_THEME = "textual-dark"


def theme_names() -> tuple[str, ...]:
    """Every theme that can be chosen."""
    return tuple(sorted((*BUILTIN_THEMES, HIGH_CONTRAST.name)))

"""The screens that stay open; questions are asked by the dialogs."""

"""Dialogs and forms that screens build theirs from: a modal screen only asks; its caller carries out the answer."""

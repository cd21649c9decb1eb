"""Charts drawn on the server: small SVG without styles, a title that says the finding, and the figures as a table.

Each maker takes its figures and the words that are said about them, and answers a ``drawing.Chart``,
which ``ui.chart(drawn)`` shows. Colours and dashes are classes of the style sheet, so a chart follows light and dark.
"""

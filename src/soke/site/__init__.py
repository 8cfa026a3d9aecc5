"""Where does everybody find it? The public site: static pages of every place, deal, register and decision.

A page is a function of what was gathered; :mod:`soke.site.pages` lists them all, and :mod:`soke.site.build` writes them
whole or not at all. Nothing is worked out here that a report or a command would not show.
"""

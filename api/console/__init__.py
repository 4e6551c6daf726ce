"""The console: the pages people use, in Chinese, over the same use cases as the API. No second logic stands here.

A page in ten lines:

1. A function in `api/console/pages/<area>.py`, named in `api/console/pages/__init__.py`:

       @PAGES.add("GET", "/me/orders", access=PROVIDERS, query=OrderQuery, nav=Nav("我的工单", "clipboard-list", 20))
       async def orders(visit: Visit) -> Shown:
           found = await visit.desk.reading.list_orders(visit.who, ..., visit.query["limit"])
           return Page("orders/list.html", {"orders": found}, fragment="orders/rows.html")

       @PAGES.add("POST", "/me/orders/{id}/decline", access=PROVIDERS, form=DeclineShape, again=order)
       async def decline(visit: Visit) -> Shown:
           await visit.desk.offers.decline(visit.who, visit.path("id"), visit.form["reason"], visit.form["code"])
           return Redirect("/me/orders", said="已拒单")

   `again` is a GET page that is registered above. `query` and `form` are the API's own schemas; forms.py folds a form's names
   (`contact.phone`) to their shape. `home_of={Role…}` makes it the first page after signing in. A SandanError shows the `again` page
   once more with the typed words and the messages beside the fields; without `again` the error page, with the API's status.
   `once=True`, for what would have a second effect when it is sent twice: the form holds the macro `once()`, see once.py.
2. A template in `templates/<area>/`, which extends `base.html` and imports `macros.html` **with context**: `field`, `area`, `choice`,
   `tick`, `pick`, `place` (see picking.py), `status`, `urgency`, `empty`, `pager`, `button`, `parts`, `stations`, `instant`,
   `countdown`. It knows `who`, `now`, `typed`, `errors`, `problem`, `icon("bell")`, `asset("app.js")` and the filters of words.py. No
   inline script or style, no `style=` and no `hx-on`: the Content-Security-Policy forbids them.
3. htmx: a part of a page is a template of its own, given as `fragment` and shown when htmx asks. `data-live="needs"` on an element
   with `hx-get` and `hx-trigger="live"` refreshes it when a notice arrives about needs (`orders`, `whistles`, `notices`), or about
   one of them (`need:<id>`); not while somebody writes in it. What others do is no notice: a page says in its block `listens` what
   it shows (`need={{ need.id }}&amp;`, `whistle=…&amp;`, `desk=true&amp;`), and `/events` then tells that it was touched
   (`need:<id>`, `whistle:<id>`, `needs`, `whistles`); `clock` is for what changes with time alone. Without JavaScript every form
   still works: POST, 303, GET.
   What htmx asked for and did not get is said in its place by failures.js: an error's fragment comes with `Sandan-Page: problem`,
   a refused form that is shown again with `Sandan-Page: page`. `data-quiet` where there is no room for words.
4. A test in tests/console: with `visitor_of(role)` (cookies, no scripts; fast), or `page_as(role, width)` (a real Chromium) for what only
   a browser shows. The walk over all pages in test_access.py finds the page by itself.
"""

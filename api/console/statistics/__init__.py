"""What the page of statistics is made of: pictures, tables, and the ways on from there."""

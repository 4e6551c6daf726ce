"""点单: from a resident's words to what is needed; and from a provider's words to what they can do."""

"""Investigation: one function a question, over what is loaded and found; changes nothing."""

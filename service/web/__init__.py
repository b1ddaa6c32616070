"""What the service shows in a browser or to a program that asks over the web."""

"""Commands of scoring, for whoever runs the server."""

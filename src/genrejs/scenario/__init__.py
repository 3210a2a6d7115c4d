"""One run: event x year x strategy."""

"""Google's Gemini models, through the Gemini API."""

"""Language models on servers of one's own that speak OpenAI's Chat Completions: Ollama, vLLM, llama.cpp, LocalAI."""

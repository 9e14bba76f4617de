"""What results look like: one document for programs, and the same document as text for people."""

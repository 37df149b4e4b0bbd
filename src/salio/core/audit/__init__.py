"""What is kept for people: refused requests and the story of each request, with the exact cause."""

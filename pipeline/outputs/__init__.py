"""What a build can make of a post and its catalog; one module an output."""

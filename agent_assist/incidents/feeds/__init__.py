"""Facts of incidents from elsewhere: status pages. Pure parsing and merging; what fetches them is in `services`."""

"""What the desk asks: typed modal screens that only ask; the commands carry out what is answered."""

"""Small invented towns that several test folders share."""

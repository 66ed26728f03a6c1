"""What the command line is made of; `api.command_line` puts it together."""

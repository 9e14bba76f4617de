"""One module for each thing that is photographed; each offers a `shot`."""

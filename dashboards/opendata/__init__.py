"""The tracker as open data: whole files at stable addresses, their schemas, their package, their catalogue."""

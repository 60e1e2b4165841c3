"""What evidence for the claims of Fieldlot is reckoned with."""

"""What cameras hang on: typed by people, learnt from what fails together, asked for."""

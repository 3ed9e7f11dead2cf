"""The facts about ministries, on the pieces of ``commitments/reference``; ``loading.load_all`` loads everything."""

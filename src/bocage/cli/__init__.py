"""The command `bocage`: the accountant's dry run. The contract is docs/cli.md."""

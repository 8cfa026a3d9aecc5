"""From official tables to the compiled tables that the package ships: used by `soke data build` alone."""

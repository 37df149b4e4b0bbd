"""What can keep a platform from starting; each is one sentence with what to do."""


class StartError(Exception):
    """The platform cannot start here and now; the message says why and what to do."""


class PortTakenError(StartError):
    """Another program listens on the port."""


class DataFolderError(StartError):
    """The data folder cannot be used."""

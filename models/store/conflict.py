"""How a repository asks for its transaction to be run again."""

from pymongo.errors import OperationFailure


class RevisionConflict(OperationFailure):
    """Another writer changed the document between our reading and our writing: the transaction is run again."""

    def __init__(self) -> None:
        super().__init__("revision conflict", code=112, details={"errorLabels": ["TransientTransactionError"]})

"""Why an entry that could be decoded becomes a dead letter."""

from enum import StrEnum


class FailureReason(StrEnum):
    TOO_MANY_DELIVERIES = "too_many_deliveries"
    CLASSIFICATION_FAILED = "classification_failed"
    REJECTED_BY_DATABASE = "rejected_by_database"

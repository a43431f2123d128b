"""Codes, tickets and ratings: nothing here says who rated, from where, or at which hour."""

from ratings.models.codes import RatingCode
from ratings.models.judging import Judgment
from ratings.models.ratings import BadRatingContact, Rating, RatingMatter
from ratings.models.tickets import Served, Ticket, TicketBatch

__all__ = [
    "BadRatingContact",
    "Judgment",
    "Rating",
    "RatingCode",
    "RatingMatter",
    "Served",
    "Ticket",
    "TicketBatch",
]

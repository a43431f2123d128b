"""How sure a score is: intervals of means, and whether grade, rank and list would survive them.

- A mean of answers: Wilson's score interval (E. B. Wilson 1927) of the mean's place on the scale, with an
  effective number of answers that takes in how alike they were.
- A mean of weighted answers counts as many as Kish's effective sample size (L. Kish 1965), and never more
  than there were ballots: what one voter says of several persons is not independent.
- A sum of parts: MOVER (G. Y. Zou, A. Donner 2008), the parts taken as independent.

Floating point is enough here: nothing of it enters a score.
"""

from evaluations.confidence.standing import places, stays_within
from evaluations.confidence.wilson import Bounds, Sample, kish, of_mean, of_sum, wilson

__all__ = ["Bounds", "Sample", "kish", "of_mean", "of_sum", "places", "stays_within", "wilson"]

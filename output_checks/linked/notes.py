"""What a check of several outputs rests on, in the sentences that its report has."""

OTHER_STATISTICS = (
    "Outputs of other statistics than counts are compared by the people behind them, "
    "as if their numbers were published too."
)
AVERAGES = (
    "What means, shares and sums tell of withheld counts is worked out from all their "
    "digits, where everybody has one value and they are neither weighted nor perturbed."
)
FRACTIONS = (
    "Some numbers hang together with so many others that what is possible was worked "
    "out in fractions of people; whole people may leave less open."
)
TIES = (
    "A variable that other outputs use as a dimension or condition is compared by how "
    "many people have each of its values: sums, means, shares and spreads of it are "
    "sums of such numbers."
)
OVERLAPS = (
    "People are in several cells: groups are found by subtracting one cell from "
    "another, where the ranges of rounded ones meet, and from sums of several among "
    "everybody or those of one category of what people have several of; "
    "intervals hold against a reader who knows by how much cells add up to more than "
    "their margin."
)

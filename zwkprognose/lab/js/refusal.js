// What cannot be computed, in German.
class Refusal extends Error {}

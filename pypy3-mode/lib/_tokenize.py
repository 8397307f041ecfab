# The tokenizer in C that tokenize builds on. Splitting source into tokens for scripts is not there yet.


class TokenizerIter:
    def __init__(self, readline, /, *, encoding=None, extra_tokens=False):
        raise NotImplementedError("tokenize: token streams of source text")

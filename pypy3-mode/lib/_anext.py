"""What anext() with a default gives."""


async def or_default(awaitable, default):
    """The result of the awaitable, `default` at the iteration's end."""
    try:
        return await awaitable
    except StopAsyncIteration:
        return default

# lang: 3
# stress: 997
# anext() with a default.
import asyncio


async def main():
    async def numbers():
        yield 1

    n = numbers()
    print(await anext(n, "none"), await anext(n, "none"))  # expect: 1 none
    try:
        await anext(n)
    except StopAsyncIteration:
        print("end")  # expect: end


asyncio.run(main())
try:
    anext([], 1)
except TypeError as e:
    print(e)  # expect: 'list' object is not an async iterator

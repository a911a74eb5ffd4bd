"""What the formats of a published list have in common."""

import zlib


def check_entries(case, stream):
    """Fails unless every entry of the compressed list is as the case says."""
    bits = case["bits"]
    packed = inflate(stream)
    assert len(packed) == (case["size"] * bits + 7) // 8, f"{len(packed)} bytes"
    per_byte = 8 // bits
    for index in range(len(packed) * per_byte):
        found = packed[index // per_byte] >> (index % per_byte * bits) & ((1 << bits) - 1)
        expected = case["statuses"].get(str(index), 0)
        assert found == expected, f"entry {index} is {found}, not {expected}"


def inflate(stream):
    """Undoes zlib, and tolerates nothing behind it."""
    inflater = zlib.decompressobj()
    packed = inflater.decompress(stream)
    assert inflater.eof and not inflater.unused_data, "not one whole zlib stream"
    return packed

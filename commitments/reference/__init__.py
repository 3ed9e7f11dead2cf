"""The facts that the project holds (``data/*.csv``), read and checked whole before anything is written.

``problems`` says what is wrong and where · ``table`` and ``cells`` read a file · ``sources``, ``promises`` and
``evidence`` turn its rows into facts · ``checks`` compares files · ``upserts`` and ``streams`` write, keeping
history · ``report`` counts. What belongs to ministries is in ``ministries/reference``, on the same pieces.
"""

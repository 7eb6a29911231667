"""WS-Discovery by multicast and unicast, and the sweep that asks every port: who is there?"""

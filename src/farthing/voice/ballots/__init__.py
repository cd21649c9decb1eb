"""A secret vote that anybody can count: tokens signed blind, a box that is published, a receipt that names no choice."""

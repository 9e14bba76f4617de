"""A photo studio in numpy: shapes, a ray marcher, lights, surfaces, a camera."""

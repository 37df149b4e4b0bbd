"""The gateway: Daraja's door. Route → token → product → throttle → fields → acknowledgement, or a refusal."""

"""How the city grant is shared between small and large entities, and how concentrated it is."""

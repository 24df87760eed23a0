"""The history of the schema, one file a step; a step that was released is never changed."""

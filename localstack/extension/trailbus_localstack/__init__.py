"""A LocalStack extension: Lambda functions as local Node processes, and services answered by moto."""

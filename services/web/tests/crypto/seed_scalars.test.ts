import { seedScalar } from '../../src/crypto/ballot_encryption.ts';
import { fromHex } from '../../src/crypto/encodings.ts';
import { groupByName } from '../../src/crypto/groups/index.ts';
import { runVectors } from './vector_file.ts';

interface SeedScalarInput {
  group: string;
  phi: string;
  seed: string;
  question: number;
  answer: number | string;
  use: string;
}

runVectors('seed-scalars.json', {
  seed_scalar: ({ group, phi, seed, question, answer, use }: SeedScalarInput) => {
    const scalar = seedScalar(groupByName(group), phi, fromHex(seed), question, answer, use);
    return { scalar: scalar.toString() };
  },
});
